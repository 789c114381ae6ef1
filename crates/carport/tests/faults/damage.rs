//! Damaged files: the server refuses to start, says in one sentence what it found and what to do,
//! and changes nothing; `carport db check` finds it too.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::chance::skipped;
use crate::load::Crew;
use crate::site::Site;
use crate::support::{complaint, printed, run};

/// Commits of tokens that the log of a killed server holds; few enough for one round of it.
const TOKENS: usize = 8;

/// A data folder as `kill -9` leaves it: a database, a log of several commits, and access tokens.
async fn killed() -> (Site, Vec<String>) {
    let site = Site::sqlite();
    let server = site.start();
    let client = site.client(&server);
    let mut tokens = Vec::new();
    for _ in 0..TOKENS {
        tokens.push(Crew::bystander(&client).await);
    }
    server.kill();
    (site, tokens)
}

/// Damages a copy of the folder and expects the refusal to be about that.
fn refused(site: &Site, name: &str, damage: impl Fn(&Path), expected: &[&str]) {
    let folder = site.folder().join(name);
    fs::create_dir(&folder).unwrap();
    for file in ["carport.db", "carport.db-wal", "carport.key"] {
        fs::copy(site.data().join(file), folder.join(file)).unwrap();
    }
    damage(&folder);
    let before = contents(&folder);
    let checked = run(site.folder(), &["db", "check", "--data", name]);
    let found = printed(&checked) + &complaint(&checked);
    assert!(!checked.status.success(), "{name}: db check finds nothing");
    assert!(!found.is_empty(), "{name}: db check says nothing");

    let output = site.serve_from(&folder).output().unwrap();
    assert!(!output.status.success(), "{name}: started");
    let sentence = complaint(&output);
    assert_eq!(sentence.lines().count(), 1, "{name}: {sentence}");
    for part in expected {
        assert!(sentence.contains(part), "{name}: {sentence}");
    }
    assert_eq!(printed(&output), "", "{name}: a ready line");
    assert!(before == contents(&folder), "{name}: files were changed");
}

/// The files that hold data. SQLite may make its index of the log, and take an empty log away.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |name: &str| Some((name.to_owned(), fs::read(folder.join(name)).ok()?));
    ["carport.db", "carport.db-wal", "carport.key"]
        .iter()
        .filter_map(|name| read(name))
        .filter(|(name, bytes)| !(name.ends_with("-wal") && bytes.is_empty()))
        .collect()
}

fn edit(file: &Path, change: impl Fn(&mut Vec<u8>)) {
    let mut bytes = fs::read(file).unwrap();
    change(&mut bytes);
    fs::write(file, bytes).unwrap();
}

fn file(change: impl Fn(&mut Vec<u8>)) -> impl Fn(&Path) {
    move |folder| {
        // Pages in the log hide those in the file.
        fs::remove_file(folder.join("carport.db-wal")).unwrap();
        edit(&folder.join("carport.db"), &change);
    }
}

fn log(change: impl Fn(&mut Vec<u8>)) -> impl Fn(&Path) {
    move |folder| edit(&folder.join("carport.db-wal"), &change)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_database_is_refused() {
    let (site, _) = killed().await;
    let restore = "restore a backup";
    let head = file(|bytes| bytes[..16].fill(b'?'));
    refused(&site, "head", head, &["is not a database", restore]);
    let head = file(|bytes| bytes[16..100].fill(0xff));
    refused(
        &site,
        "settings",
        head,
        &["is not a database or is damaged", restore],
    );
    let page = file(|bytes| {
        let middle = bytes.len() / 2;
        bytes[middle..middle + 4096].fill(0x5a);
    });
    // Which page that is, and so which of the two sentences, depends on how the tables lie.
    refused(&site, "page", page, &["is damaged", restore]);
    let cut = file(|bytes| bytes.truncate(bytes.len() / 2));
    refused(&site, "cut", cut, &["is", "damaged", restore]);
    let empty = file(Vec::clear);
    refused(&site, "empty", empty, &["is empty", restore, "begin anew"]);
    let text = file(|bytes| *bytes = b"Dear customer, ".repeat(300));
    refused(&site, "text", text, &["is not a database", restore]);
    let gone = |folder: &Path| {
        for name in ["carport.db", "carport.db-wal"] {
            fs::remove_file(folder.join(name)).unwrap();
        }
    };
    let words = ["carport.db is missing", "from a backup", "begin anew"];
    refused(&site, "gone", gone, &words);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_log_is_refused() {
    let (site, _) = killed().await;
    let words = ["carport.db-wal", "is damaged", "restore a backup"];
    let head = log(|bytes| bytes[..32].fill(0x11));
    refused(&site, "head", head, &words);
    let head = log(|bytes| bytes[..32].fill(0));
    refused(&site, "zeroed", head, &words);
    let middle = log(|bytes| bytes[20_000..20_064].fill(0x5a));
    refused(&site, "middle", middle, &words);
    let hole = log(|bytes| bytes[8192..16384].fill(0));
    refused(&site, "hole", hole, &words);
    let only = |folder: &Path| {
        for name in ["carport.db", "carport.key"] {
            fs::remove_file(folder.join(name)).unwrap();
        }
    };
    refused(
        &site,
        "only",
        only,
        &["is missing, but its log", "put the database back"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_with_a_torn_end_is_accepted() {
    let (site, tokens) = killed().await;
    // Half a commit that nobody was told of.
    edit(&site.data().join("carport.db-wal"), |bytes| {
        let frame = bytes[32..32 + 5000].to_vec();
        bytes.extend_from_slice(&frame);
    });
    let server = site.start();
    for token in tokens {
        assert!(site.client(&server).works(&token).await.unwrap());
    }
}

#[test]
fn a_database_of_another_program_or_of_a_newer_carport_is_refused() {
    let site = Site::sqlite();
    fs::write(site.data().join("carport.db-wal"), "").unwrap();
    // The mark that says whose it is.
    let other = |folder: &Path| {
        edit(&folder.join("carport.db"), |bytes| {
            assert_eq!(&bytes[68..72], b"CARP");
            bytes[68] = b'X';
        });
    };
    let words = ["database of another program", "name another file"];
    refused(&site, "foreign", other, &words);
    if Command::new("python3").arg("--version").output().is_err() {
        skipped("a newer schema", "python3 is missing");
        return;
    }
    let newer = |folder: &Path| {
        let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); \
                      c.execute(\"INSERT INTO schema_migrations VALUES (9999, 'later')\"); c.commit()";
        let ran = Command::new("python3")
            .args(["-c", script])
            .arg(folder.join("carport.db"))
            .status();
        assert!(ran.unwrap().success());
        fs::write(folder.join("carport.db-wal"), "").unwrap();
    };
    let words = ["schema 9999", "start the newer Carport", "restore a backup"];
    refused(&site, "newer", newer, &words);
}
