//! The scope grammar: what is accepted prints as something that means the same.

#![no_main]

use carport_model::scope::Scope;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(scope) = text.parse::<Scope>() else {
        return;
    };
    let printed = scope.to_string();
    assert_eq!(printed.parse::<Scope>().as_ref(), Ok(&scope));
    assert!(printed.len() <= text.len(), "printing adds nothing");
    let items = scope.items();
    for (index, item) in items.iter().enumerate() {
        let repeated = items[..index]
            .iter()
            .any(|other| other.permission == item.permission);
        assert!(!repeated, "a permission is listed once");
        assert!(text.contains(&item.permission.to_string()));
    }
    // Whatever the owner ticks, required permissions are granted and nothing that was not asked.
    let granted = scope.granted(&[]);
    assert_eq!(granted.to_string(), scope.required().to_string());
    let all: Vec<_> = items.iter().map(|item| item.permission).collect();
    assert_eq!(
        scope.granted(&all).to_string(),
        scope.permissions().to_string()
    );
});
