//! The `scope` of a Connect link. Source: contract connect-oauth, A.4.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::permission::{Permission, Permissions, UnknownPermission};

/// One permission of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeItem {
    /// The permission.
    pub permission: Permission,
    /// Whether it carried the `required:` prefix: the owner cannot untick it.
    pub required: bool,
}

/// What an application asks for, in its order and without repeats; a repeat that is required
/// makes the item required.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(Vec<ScopeItem>);

impl Scope {
    /// The items in order.
    #[must_use]
    pub fn items(&self) -> &[ScopeItem] {
        &self.0
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All permissions, without their prefixes.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        self.0.iter().map(|item| item.permission).collect()
    }

    /// The permissions the application cannot work without.
    #[must_use]
    pub fn required(&self) -> Permissions {
        self.0
            .iter()
            .filter(|item| item.required)
            .map(|item| item.permission)
            .collect()
    }

    /// What is granted when the owner ticked `chosen`: the ticked ones that were asked for, and
    /// every required one, because browsers do not send a locked box.
    #[must_use]
    pub fn granted(&self, chosen: &[Permission]) -> Permissions {
        self.0
            .iter()
            .filter(|item| item.required || chosen.contains(&item.permission))
            .map(|item| item.permission)
            .collect()
    }
}

/// Permissions that the owner may untick.
impl From<Permissions> for Scope {
    fn from(permissions: Permissions) -> Self {
        let item = |permission: &Permission| ScopeItem {
            permission: *permission,
            required: false,
        };
        Self(permissions.as_slice().iter().map(item).collect())
    }
}

impl FromStr for Scope {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        let mut items: Vec<ScopeItem> = Vec::new();
        for token in text.split(' ').filter(|token| !token.is_empty()) {
            let (required, name) = match token.strip_prefix("required:") {
                Some(name) => (true, name),
                None => (false, token),
            };
            let permission = name.parse()?;
            match items.iter_mut().find(|item| item.permission == permission) {
                Some(item) => item.required |= required,
                None => items.push(ScopeItem {
                    permission,
                    required,
                }),
            }
        }
        Ok(Self(items))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            let prefix = if item.required { "required:" } else { "" };
            write!(f, "{gap}{prefix}{}", item.permission)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prefixes_spaces_and_repeats() {
        let scope: Scope = "required:read_vin  read_odometer required:read_odometer"
            .parse()
            .unwrap();
        assert_eq!(
            scope.to_string(),
            "required:read_vin required:read_odometer"
        );
        assert_eq!(
            "read_nothing".parse::<Scope>(),
            Err(UnknownPermission("read_nothing".into()))
        );
        assert!("".parse::<Scope>().unwrap().is_empty());
        assert!("required:required:read_vin".parse::<Scope>().is_err());
    }

    #[test]
    fn required_items_are_granted_even_if_the_browser_did_not_send_them() {
        let scope: Scope = "required:read_vin read_odometer read_fuel".parse().unwrap();
        let granted = scope.granted(&[Permission::ReadFuel, Permission::ReadBattery]);
        assert_eq!(granted.to_string(), "read_vin read_fuel");
    }

    #[test]
    fn what_was_granted_can_be_asked_for_again() {
        let granted: Permissions = "read_vin read_fuel".parse().unwrap();
        let scope = Scope::from(granted.clone());
        assert_eq!(scope.permissions(), granted);
        assert!(scope.required().is_empty());
    }

    proptest! {
        #[test]
        fn any_text_parses_or_is_refused(text in ".{0,200}") {
            if let Ok(scope) = text.parse::<Scope>() {
                prop_assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope));
            }
        }
    }
}
