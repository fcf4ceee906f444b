-- Keeps it, if that version is what is there; else says what is there.
-- => json
-- writes
-- :place path text 1..40
-- :draft body jsonb 2..102400b
-- :version body bigint?
select app.save_draft(:'place', :'draft', :'version')
