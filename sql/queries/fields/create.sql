-- A new field; labels, help: texts by language; options of those that choose.
-- => json
-- writes
-- :key body text 1..40
-- :kind body text text|long_text|number|date|one_of|several_of|yes_no|person|facts
-- :labels body jsonb 0..8000b
-- :help body jsonb? 0..16000b
-- :options body jsonb? 0..65536b
select app.save_field(:'key', true, :'kind', :'labels', :'help', :'options', null)
