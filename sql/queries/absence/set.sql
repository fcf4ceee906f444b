-- Says when I am out of office, on my clock, and who stands in for me.
-- => json
-- writes
-- :begins body text? 1..20
-- :ends body text 1..20
-- :stand_in body bigint?
select app.set_absence(:'begins', :'ends', :'stand_in')
