//! Past services.

use carport_testkit::TestBed;

use super::*;

#[tokio::test]
async fn services_within_the_range() {
    let bed = TestBed::new().await;
    let car = bed.connect(ALL).await;
    let app = door(&bed);
    let count = async |query: &str| {
        let answer = ask(&app, &car, &format!("service/history{query}")).await;
        assert_eq!(answer.header("sc-unit-system"), "metric");
        assert_eq!(answer.header("sc-data-age").len(), 24);
        answer.json().as_array().unwrap().len()
    };
    assert_eq!(count("").await, 2);
    assert_eq!(count("?start_date=undefined&end_date=undefined").await, 2);
    assert_eq!(count("?start_date=1990-01-01").await, 3);
    assert_eq!(count("?startDate=1990-01-01&endDate=1991-01-01").await, 0);
    let body = ask(&app, &car, "service/history").await.json();
    let keys: Vec<&String> = body[0].as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 6);
    // Newest first, with a distance that is a decimal above 0.
    assert!(body[0]["serviceDate"].as_str() > body[1]["serviceDate"].as_str());
    assert!(body[1]["odometerDistance"].as_f64().unwrap() > 0.0);
    assert!(body[0]["odometerDistance"].is_f64());
}
