//! The disk fills up under load and has room again.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::chance::{Chance, skipped};
use crate::load::Crew;
use crate::site::Site;

/// A small disk in memory.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None`, and a line that says so, for whom may not mount.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=12m", "carport-test"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(folder));
        }
        skipped("full disk", "only root may mount a small disk");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all that is left and returns what took it.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("filler");
        let mut file = File::options().create(true).append(true).open(&path);
        let file = file.as_mut().unwrap();
        for block in [&[0; 4096][..], &[0; 1]] {
            while file.write_all(block).is_ok() {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .status();
        assert!(unmounted.unwrap().success() || std::thread::panicking());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_and_heals_by_itself() {
    let Some(disk) = Disk::mount() else { return };
    let site = Site::on(&disk.path().join("data"));
    let mut crew = Crew::new(&Chance::of("full disk"));
    let server = site.start();
    let client = site.client(&server);
    let token = Crew::bystander(&client).await;
    crew.work_for(&client, Duration::from_millis(300)).await;
    for _ in 0..2 {
        let shift = crew.work(&client);
        let filler = disk.fill();
        // What was allocated before is used up first.
        let since = Instant::now();
        while client.writes().await {
            assert!(
                since.elapsed() < Duration::from_mins(1),
                "the disk does not fill"
            );
            disk.fill();
        }
        for _ in 0..40 {
            assert!(client.works(&token).await.unwrap(), "reads go on");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        // A commit that makes others free pages may let one through, not many.
        disk.fill();
        let mut taken = 0;
        for _ in 0..20 {
            taken += u32::from(client.writes().await);
        }
        assert!(taken < 20, "a full disk takes everything");
        fs::remove_file(filler).unwrap();
        client.recovers_within(Duration::from_secs(5)).await;
        crew.back(shift).await;
        let (_, before) = crew.count();
        assert!(before > 0, "no client met the full disk");
        crew.work_for(&client, Duration::from_millis(300)).await;
        assert_eq!(crew.count().1, before, "full service is back");
        crew.check(&client, true).await;
    }
    server.kill();
    site.is_sound();
    let server = site.start();
    crew.check(&site.client(&server), true).await;
}
