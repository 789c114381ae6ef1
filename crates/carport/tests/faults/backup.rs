//! `carport db backup` under load, restored elsewhere.

use std::fs;
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::load::Crew;
use crate::site::Site;
use crate::support::{complaint, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_restores_to_one_moment() {
    let site = Site::sqlite();
    let mut crew = Crew::new(&Chance::of("backup"));
    let server = site.start();
    let client = site.client(&server);
    for name in ["early", "late"] {
        let shift = crew.work(&client);
        tokio::time::sleep(Duration::from_millis(800)).await;
        shift.granted(40).await;
        let began = Instant::now();
        let copy = site.folder().join(format!("{name}.db"));
        let folder = site.folder().to_owned();
        let words = ["db", "backup", copy.to_str().unwrap(), "--data", "data"].map(str::to_owned);
        let backup = tokio::task::spawn_blocking(move || {
            run(&folder, &words.each_ref().map(String::as_str))
        });
        let backup = backup.await.unwrap();
        assert!(backup.status.success(), "{}", complaint(&backup));
        tokio::time::sleep(Duration::from_millis(200)).await;
        crew.back(shift).await;

        let restored = site.folder().join(name);
        fs::create_dir(&restored).unwrap();
        fs::rename(&copy, restored.join("carport.db")).unwrap();
        fs::copy(
            site.data().join("carport.key"),
            restored.join("carport.key"),
        )
        .unwrap();
        let checked = run(site.folder(), &["db", "check", "--data", name]);
        assert!(checked.status.success(), "{}", complaint(&checked));
        let other = site.launch(&mut site.serve_from(&restored));
        let mut past = crew.as_of(began);
        assert!(past.grants() > 20, "a backup of next to nothing");
        past.check(&site.client(&other), true).await;
    }
    // The original did not suffer.
    crew.check(&client, true).await;
    drop(server);
    site.is_sound();
}
