-- One's own second factors, recovery codes left, and linked providers.
-- => json
-- reads
select auth.factors()
