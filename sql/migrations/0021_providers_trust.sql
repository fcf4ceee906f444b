-- The tenant agrees to what an account's provider is believed, too: to those who
-- said so by themselves, anew.
update app.providers set confirmed_at = null where account_id is not null and (has_factor or knows_addresses);
