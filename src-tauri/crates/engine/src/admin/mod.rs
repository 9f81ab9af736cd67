//! What an administrator can do: sign in, find HubSpot's access across an organisation, revoke it, and have it proven.

mod sign_in;
