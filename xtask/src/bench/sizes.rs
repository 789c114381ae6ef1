//! The main loads over databases of different sizes, up to a million cars.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::figures::{Bound, Figures, float};
use super::measures::{Bench, SECONDS, in_turn, load};
use super::wrk::Load;

/// Cars of which a measurement leaves most tokens unused.
const UNUSED_LEFT: u64 = 1_000_000;

/// How the largest database compares with the smallest.
struct Ends {
    /// Times by which a read of it is slower.
    slower: f64,
    /// Memory that its server has more, without pages of the file, once every car was read.
    more_mib: f64,
}

impl Bench<'_> {
    /// The two main loads over databases of different sizes.
    pub fn sizes(
        &self,
        folders: &[(u64, PathBuf)],
        bare: &Load,
        figures: &mut Figures,
    ) -> anyhow::Result<()> {
        let read = |cars: &u64| format!("`GET /odometer`, {cars} cars");
        let ends = self.reads_at(folders, bare, figures, read)?;
        let mut refreshed = Vec::new();
        for (cars, folder) in folders {
            let server = self.serve(folder, None)?;
            let refreshes = self.refreshes(&server, folder, 64)?;
            figures.rate(&format!("refresh, {cars} cars"), &refreshes, bare);
            refreshed.push(refreshes.rate);
            drop(server);
            // Of smaller databases every token was used a moment ago.
            if *cars >= UNUSED_LEFT {
                let shuffled = self.shuffled(folder)?;
                let what = format!("refresh in random order, {cars} cars");
                figures.rate(&what, &shuffled, bare);
            }
        }
        let [(_, smallest), .., (cars, _)] = folders else {
            return Ok(());
        };
        // Tokens are used once: no turns, but the smallest again after the largest.
        let again = self.refreshes(&self.serve(smallest, None)?, smallest, 64)?;
        let small = f64::midpoint(refreshed[0], again.rate);
        let large = refreshed[refreshed.len() - 1];
        for (what, slower) in [("read", ends.slower), ("refresh", small / large)] {
            let what = format!("{what}, times slower at {cars} cars than at 1000");
            figures.bound(&what, slower, "", Bound::at_most(1.2, 1.1));
        }
        Ok(())
    }

    /// Reads of each database, and the largest held against the smallest, both warm.
    fn reads_at(
        &self,
        folders: &[(u64, PathBuf)],
        bare: &Load,
        figures: &mut Figures,
        name: impl Fn(&u64) -> String,
    ) -> anyhow::Result<Ends> {
        let mut ends = Vec::new();
        for (index, (cars, folder)) in folders.iter().enumerate() {
            let server = self.warm(folder, 64)?;
            figures.rate(&name(cars), &self.reads_of(&server, folder, 64)?, bare);
            // A million cars take minutes to warm: the ends stay for the turns.
            if index == 0 || index + 1 == folders.len() {
                ends.push((folder, server));
            }
        }
        let [(smallest, small), .., (largest, large)] = ends.as_slice() else {
            bail!("two sizes are compared");
        };
        let script = self.script("odometer.lua");
        let reads = in_turn([
            &|| load(&script, smallest, 64, SECONDS / 2).run(small, ""),
            &|| load(&script, largest, 64, SECONDS / 2).run(large, ""),
        ])?;
        Ok(Ends {
            slower: reads[0].rate / reads[1].rate,
            more_mib: large.memory("RssAnon")? - small.memory("RssAnon")?,
        })
    }

    /// Reads of simulated cars, each somewhere else in its trip; how the last of them compare with the
    /// first, and what the number of cars does to a start.
    pub fn simulated(
        &self,
        folders: &[(u64, PathBuf)],
        bare: &Load,
        figures: &mut Figures,
    ) -> anyhow::Result<()> {
        let read = |cars: &u64| format!("`GET /odometer`, {cars} simulated cars");
        let ends = self.reads_at(folders, bare, figures, read)?;
        for (cars, folder) in folders {
            let (start, idle) = self.starts(folder)?;
            let what = format!("start to first answer, {cars} simulated cars");
            figures.note(&what, start, "ms");
            let what = format!("memory after it, {cars} simulated cars");
            figures.note(&what, idle, "MiB");
        }
        let Some((cars, _)) = folders.last() else {
            return Ok(());
        };
        let bytes = ends.more_mib * 1024.0 * 1024.0 / float(*cars);
        let what = "memory of a simulated car and its token that were read";
        figures.note(what, bytes, "bytes");
        let what = format!("read of a simulated car, times slower at {cars} than at 1000");
        figures.bound(&what, ends.slower, "", Bound::at_most(1.11, 1.05));
        Ok(())
    }

    /// Refreshes in random order, which touches a page of its own for each used token.
    fn shuffled(&self, folder: &Path) -> anyhow::Result<Load> {
        let script = self.script("refresh.lua");
        let mut shuffled = load(&script, folder, 64, SECONDS);
        shuffled.order = "shuffled";
        shuffled.run(&self.serve(folder, None)?, "")
    }
}
