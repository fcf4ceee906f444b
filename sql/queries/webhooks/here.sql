-- The tenant's webhook and how its last messages went.
-- => json
-- reads
select (app.webhook_here()::jsonb || jsonb_build_object('secret', auth.own_webhook_secret()))::json
