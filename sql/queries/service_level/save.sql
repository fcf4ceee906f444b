-- A new version of the service level, of the one that it was made from (0: none).
-- => json
-- writes
-- :table body jsonb 2..250000b
-- :based body int 0..1000
select app.save_service_level(:'table', :'based')
