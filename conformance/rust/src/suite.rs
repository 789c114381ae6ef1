//! Runs checks one after the other, and holds what was called against what could be.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;

use crate::surface::Function;

/// How a call ends, as expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It does what it is for.
    Success,
    /// It cannot, whatever a server does: the crate has a fault.
    Fault,
    /// It is refused, as documented.
    Failure,
}

/// The checks so far.
#[derive(Default)]
pub struct Suite {
    failed: usize,
    /// Functions that were called, and how that ended.
    called: BTreeMap<&'static str, Vec<Way>>,
}

impl Suite {
    /// One call of a function.
    pub async fn check(
        &mut self,
        name: &'static str,
        way: Way,
        call: impl Future<Output = anyhow::Result<()>>,
    ) {
        let outcome = call.await;
        self.note(name, way, outcome);
    }

    /// The same for a function that does not wait.
    pub fn note(&mut self, name: &'static str, way: Way, outcome: anyhow::Result<()>) {
        match outcome {
            Ok(()) => {
                self.called.entry(name).or_default().push(way);
                println!("ok      {name}, {way:?}");
            }
            Err(why) => {
                self.called.entry(name).or_default();
                self.fail(&format!("{name}, {way:?}: {why:#}"));
            }
        }
    }

    /// Fails for each function that nobody called to each end it has, and reports the rest.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn cover(&mut self, client: &str, functions: &[Function]) -> anyhow::Result<()> {
        let (mut called, mut work) = (0, 0);
        for function in functions {
            let Some(ways) = self.called.get(function.name.as_str()).cloned() else {
                self.fail(&format!(
                    "{}: it is public and was not called",
                    function.name
                ));
                continue;
            };
            called += 1;
            let good = ways.contains(&Way::Success) && !ways.contains(&Way::Fault);
            let refused = ways.contains(&Way::Failure) || !function.can_fail;
            work += usize::from(good && refused);
            if !(good || ways.contains(&Way::Fault)) || !refused {
                self.fail(&format!(
                    "{}: it ended in these ways only: {ways:?}",
                    function.name
                ));
            }
        }
        let public = functions.len();
        println!("{client}: {called} methods called / {public} methods public, {work} work");
        if let Some(file) = std::env::var_os("CARPORT_REPORT") {
            let mut file = OpenOptions::new().append(true).create(true).open(file)?;
            writeln!(file, "{client}\t{work}\t{public}")?;
        }
        Ok(())
    }

    /// Whether no check failed.
    pub fn all_is_well(&self) -> bool {
        self.failed == 0 && !self.called.is_empty()
    }

    fn fail(&mut self, what: &str) {
        self.failed += 1;
        println!("FAILED  {what}");
    }
}
