//! Reads the write-ahead log of an SQLite file, to tell damage from a torn end.
//!
//! Format: sqlite.org/fileformat2.html, section 4. A frame's checksum covers the one before it, so a
//! log is good up to its first frame that does not check. Commits are flushed one by one, so only
//! the last may be torn: where more than one commit lies behind a bad frame, acknowledged ones do.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

const HEAD: usize = 32;
const FRAME_HEAD: usize = 24;
/// Two words, the sum so far.
type Sum = [u32; 2];

/// Where a log stops making sense: its salts and the number of the bad frame.
#[derive(Debug, PartialEq, Eq)]
struct Damage {
    salts: [u8; 8],
    frame: u64,
}

/// Whether commits that were acknowledged cannot be read from the log at `path`. A log that a
/// server is writing to may look damaged once, but not twice in the same place.
pub(super) fn is_damaged(path: &Path) -> bool {
    let Some(first) = look(path) else {
        return false;
    };
    std::thread::sleep(Duration::from_millis(50));
    look(path).is_some_and(|second| second == first)
}

fn look(path: &Path) -> Option<Damage> {
    // No log, or one that SQLite cannot read either and complains of.
    let file = File::open(path).ok()?;
    walk(BufReader::with_capacity(256 * 1024, file))
}

fn walk(mut log: impl BufRead) -> Option<Damage> {
    let mut head = [0; HEAD];
    if !fill(&mut log, &mut head) {
        return None;
    }
    let damage = |frame| {
        let salts = head[16..24].try_into().expect("eight bytes are eight");
        Some(Damage { salts, frame })
    };
    let big_endian = match word(&head, 0) {
        0x377f_0682 => false,
        0x377f_0683 => true,
        // Made larger but never written to: SQLite flushes the head before the first frame.
        0 if head == [0; HEAD] && is_all_zero(&mut log) => return None,
        _ => return damage(0),
    };
    let mut sum = add([0, 0], &head[..24], big_endian);
    let page = usize::try_from(word(&head, 8)).unwrap_or(0);
    let page_is_possible = page.is_power_of_two() && (512..=65536).contains(&page);
    if sum != [word(&head, 24), word(&head, 28)] || !page_is_possible {
        return damage(0);
    }
    let mut frame = vec![0; FRAME_HEAD + page];
    let (mut number, mut bad, mut commits) = (0, None, 0);
    while fill(&mut log, &mut frame) {
        number += 1;
        let is_current = frame[8..16] == head[16..24];
        let kept = [word(&frame, 16), word(&frame, 20)];
        sum = add(sum, &frame[..8], big_endian);
        sum = add(sum, &frame[FRAME_HEAD..], big_endian);
        let checks = is_current && sum == kept;
        // The next frame builds on what this one says, right or wrong.
        sum = kept;
        if bad.is_none() && !checks {
            bad = Some(number);
        }
        // The bad frame itself may be a commit whose page was damaged.
        let counts = checks || (is_current && bad == Some(number));
        if bad.is_some() && counts && word(&frame, 4) != 0 {
            commits += 1;
        }
    }
    bad.filter(|_| commits > 1).and_then(damage)
}

/// Reads exactly this much; `false` at the end.
fn fill(log: &mut impl BufRead, buffer: &mut [u8]) -> bool {
    log.read_exact(buffer).is_ok()
}

fn is_all_zero(log: impl BufRead) -> bool {
    log.bytes().all(|byte| byte.is_ok_and(|byte| byte == 0))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes[at..at + 4].try_into();
    u32::from_be_bytes(bytes.expect("four bytes are four"))
}

fn add([mut a, mut b]: Sum, bytes: &[u8], big_endian: bool) -> Sum {
    for pair in bytes.chunks_exact(8) {
        let read = |at: usize| {
            let bytes = pair[at..at + 4].try_into().expect("four bytes are four");
            if big_endian {
                u32::from_be_bytes(bytes)
            } else {
                u32::from_le_bytes(bytes)
            }
        };
        a = a.wrapping_add(read(0)).wrapping_add(b);
        b = b.wrapping_add(read(4)).wrapping_add(a);
    }
    [a, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log of eight commits, as SQLite writes it.
    fn log() -> (Vec<u8>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let database = rusqlite::Connection::open(&path).unwrap();
        database
            .execute_batch("PRAGMA journal_mode=WAL; CREATE TABLE t (x)")
            .unwrap();
        for _ in 0..7 {
            database
                .execute_batch("INSERT INTO t VALUES (zeroblob(9000))")
                .unwrap();
        }
        let log = std::fs::read(folder.path().join("a.db-wal")).unwrap();
        let page = usize::try_from(word(&log, 8)).unwrap();
        (log, FRAME_HEAD + page)
    }

    fn is_damaged(log: &[u8]) -> bool {
        walk(log).is_some()
    }

    #[test]
    fn a_log_as_it_was_written_and_one_that_was_cut_are_sound() {
        let (log, frame) = log();
        assert!((log.len() - HEAD) / frame >= 16, "several frames a commit");
        for length in [
            0,
            1,
            HEAD,
            HEAD + 7,
            HEAD + frame,
            log.len() - frame,
            log.len() - 1,
        ] {
            assert!(!is_damaged(&log[..length]), "{length}");
        }
        assert!(!is_damaged(&log));
        assert!(!is_damaged(&[0; 9000]));
    }

    #[test]
    fn a_byte_of_the_head_or_of_an_early_frame_is_missed() {
        let (log, frame) = log();
        let places = (0..HEAD).chain([
            HEAD,
            HEAD + 8,
            HEAD + 20,
            HEAD + FRAME_HEAD + 9,
            HEAD + 4 * frame + 100,
        ]);
        for place in places {
            let mut log = log.clone();
            log[place] ^= 0x10;
            assert!(is_damaged(&log), "byte {place}");
        }
    }

    #[test]
    fn the_last_commit_may_be_torn_but_not_the_one_before() {
        let (log, frame) = log();
        let commits: Vec<usize> = (0..(log.len() - HEAD) / frame)
            .map(|number| HEAD + number * frame)
            .filter(|at| word(&log, at + 4) != 0)
            .collect();
        let [.., before, last] = commits[..] else {
            panic!("too few commits")
        };
        let mut torn = log.clone();
        torn[before + frame..last].fill(0);
        assert!(
            !is_damaged(&torn),
            "all of the last commit but its end is missing"
        );
        let mut damaged = log.clone();
        damaged[before + 100] ^= 1;
        assert!(
            is_damaged(&damaged),
            "in the page that ends the commit before"
        );
    }

    #[test]
    fn frames_of_an_earlier_round_are_no_damage() {
        let (mut log, frame) = log();
        // What follows the second frame was written under other salts.
        for at in (HEAD + 2 * frame..log.len()).step_by(frame) {
            log[at + 8] ^= 0xff;
        }
        assert!(!is_damaged(&log));
    }
}
