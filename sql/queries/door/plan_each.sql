-- The statements behind this one in the trip are planned for their values.
-- => void
-- reads
select pg_catalog.set_config('plan_cache_mode', 'force_custom_plan', true)
