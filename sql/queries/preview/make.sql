-- Only the door: a preview is for somebody who is signed in.
-- => void
-- reads
-- :body body text 1..65536b
select octet_length(:'body')
