/// What held and what did not.
#[derive(Debug, Default)]
pub(super) struct Report {
    lines: Vec<(String, Result<(), String>)>,
}

impl Report {
    /// Notes a check and passes its value on; `None` when it did not hold.
    pub(super) fn check<T>(&mut self, what: &str, result: anyhow::Result<T>) -> Option<T> {
        match result {
            Ok(value) => {
                self.lines.push((what.to_owned(), Ok(())));
                Some(value)
            }
            Err(error) => {
                self.lines.push((what.to_owned(), Err(format!("{error:#}"))));
                None
            }
        }
    }

    pub(super) fn print(&self) {
        for (what, result) in &self.lines {
            match result {
                Ok(()) => println!("  ok      {what}"),
                Err(reason) => println!("  FAILED  {what}: {reason}"),
            }
        }
    }

    pub(super) fn failed(&self) -> usize {
        self.lines.iter().filter(|(_, result)| result.is_err()).count()
    }

    pub(super) fn total(&self) -> usize {
        self.lines.len()
    }
}
