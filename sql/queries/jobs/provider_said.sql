-- What it said of itself, or why it could not.
-- => void
-- writes
-- :tenant job bigint
-- :provider job bigint
-- :issuer job text
-- :parts job jsonb?
-- :keys job text?
-- :fault job text?
select jobs.provider_said(:'tenant', :'provider', :'issuer', :'parts', :'keys', :'fault')
