-- Whom to ask without a login.
-- => json
-- reads
select app.support_names()
