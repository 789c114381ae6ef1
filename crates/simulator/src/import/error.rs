//! What is wrong with a file, and where.

/// A file cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct ImportError {
    /// Line of the mistake, from 1.
    pub line: usize,
    /// Column of the mistake, in characters from 1.
    pub column: usize,
    /// What is wrong there, and what to do.
    pub problem: String,
}

impl ImportError {
    /// A mistake at a place of the text, in bytes.
    pub(super) fn at(text: &str, offset: usize, problem: impl Into<String>) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let last = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: last.chars().count() + 1,
            problem: problem.into(),
        }
    }

    /// A mistake of a whole file.
    pub(super) fn of_file(problem: impl Into<String>) -> Self {
        Self {
            line: 1,
            column: 1,
            problem: problem.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_and_never_lie_outside() {
        let told = ImportError::at("a\néé x", 7, "no");
        assert_eq!(told.to_string(), "line 2, column 4: no");
        let inside_a_character = ImportError::at("é", 1, "no");
        assert_eq!((inside_a_character.line, inside_a_character.column), (1, 1));
        assert_eq!(ImportError::at("a\n", 99, "no").line, 2);
    }
}
