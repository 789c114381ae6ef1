//! The table of clients in `docs/compatibility.md`, made by the suites themselves.
//!
//! A suite appends a line for each client to the file that `CARPORT_REPORT` names: client, how many
//! of its public functions worked, how many it has, separated by tabs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

const BEGIN: &str = "<!-- made by cargo xtask conformance; do not edit -->\n";
const END: &str = "<!-- end -->";

/// Rows by client: functions that worked, functions there are.
type Rows = BTreeMap<String, (u64, u64)>;

/// Where the suites of one run tell what they found.
pub struct Report {
    file: PathBuf,
    document: PathBuf,
}

impl Report {
    /// An empty report beside the build's products.
    ///
    /// # Errors
    /// When its folder cannot be made.
    pub fn begin(root: &Path, target: &Path) -> anyhow::Result<Self> {
        let folder = target.join("conformance");
        fs::create_dir_all(&folder)?;
        let file = folder.join("clients.tsv");
        fs::write(&file, "")?;
        Ok(Self {
            file,
            document: root.join("docs/compatibility.md"),
        })
    }

    /// The file, for `CARPORT_REPORT`.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Brings the table up to what was found. With `CI` set it is compared instead; the lines say
    /// what differs.
    ///
    /// # Errors
    /// When a file cannot be read or written, or the document has no place for the table.
    pub fn finish(&self) -> anyhow::Result<Vec<String>> {
        let found = read(&fs::read_to_string(&self.file)?)?;
        let text = fs::read_to_string(&self.document)?;
        let (head, rest) = text
            .split_once(BEGIN)
            .context("docs/compatibility.md has no place for the table")?;
        let (table, tail) = rest
            .split_once(END)
            .context("the table of docs/compatibility.md does not end")?;
        let mut rows = parse(table);
        rows.extend(found);
        let made = print(&rows);
        if made == table {
            return Ok(Vec::new());
        }
        if std::env::var_os("CI").is_some() {
            return Ok(vec![format!(
                "docs/compatibility.md tells something else than this run found:\n{made}"
            )]);
        }
        fs::write(&self.document, format!("{head}{BEGIN}{made}{END}{tail}"))?;
        println!("docs/compatibility.md was brought up to date");
        Ok(Vec::new())
    }
}

/// Lines of a report. Of a client that ran twice the lower number counts.
fn read(text: &str) -> anyhow::Result<Rows> {
    let mut rows = Rows::new();
    for line in text.lines() {
        let mut parts = line.split('\t');
        let row = (|| {
            let client = parts.next()?.to_owned();
            let called: u64 = parts.next()?.parse().ok()?;
            let all: u64 = parts.next()?.parse().ok()?;
            Some((client, called, all))
        })();
        let (client, called, all) = row.with_context(|| format!("{line:?} is no row"))?;
        let row = rows.entry(client).or_insert((called, all));
        row.0 = row.0.min(called);
    }
    Ok(rows)
}

fn print(rows: &Rows) -> String {
    let mut table =
        "\n| client | public functions | of which work |\n| --- | ---: | ---: |\n".to_owned();
    for (client, (called, all)) in rows {
        writeln!(table, "| {client} | {all} | {called} |").expect("a string takes text");
    }
    table.push('\n');
    table
}

fn parse(table: &str) -> Rows {
    let row = |line: &str| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let client = cells.next()?.to_owned();
        let all = cells.next()?.parse().ok()?;
        let called = cells.next()?.parse().ok()?;
        Some((client, (called, all)))
    };
    table.lines().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_reads_back_and_keeps_clients_that_did_not_run() {
        let mut rows = read("b 1.0\t3\t4\na 2.0\t5\t5\nb 1.0\t2\t4\n").unwrap();
        let table = print(&rows);
        assert_eq!(parse(&table), rows);
        assert!(table.contains("| b 1.0 | 4 | 2 |"), "{table}");
        rows.extend(read("c\t1\t1\n").unwrap());
        assert_eq!(rows.len(), 3);
        assert!(read("nothing").is_err());
    }
}
