//! Two servers on one database.

use crate::site::Site;

/// Codes that both are asked to exchange at once.
const CODES: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_exchanges_of_a_code_wins() {
    let Some(site) = Site::postgres("replicas") else {
        return;
    };
    let one = site.start();
    let two = site.launch(&mut site.serve_from(&site.folder().join("two")));
    let (one, two) = (site.client(&one), site.client(&two));
    let mut won = [0, 0];
    for round in 0..CODES {
        let code = one.consent("racer@mail.test").await.unwrap();
        // Neither is always first to be asked.
        let (a, b) = if round % 2 == 0 {
            tokio::join!(one.exchange(&code), two.exchange(&code))
        } else {
            let (b, a) = tokio::join!(two.exchange(&code), one.exchange(&code));
            (a, b)
        };
        let tokens = match (a.unwrap(), b.unwrap()) {
            (Some(tokens), None) => {
                won[0] += 1;
                tokens
            }
            (None, Some(tokens)) => {
                won[1] += 1;
                tokens
            }
            (a, b) => panic!("one wins, not {a:?} and {b:?}"),
        };
        // A loser within ten seconds is a page that was submitted twice: nothing is revoked.
        assert!(one.works(&tokens.access).await.unwrap());
        assert!(two.works(&tokens.access).await.unwrap());
    }
    eprintln!("exchanges won by each replica: {won:?}");
}
