-- The happenings of every article, one a row: the mentions of a group joined, as in
-- Document.records(). Of each role it shows the filler that says most, which is one with an id or
-- a value, else one that is an entity or a quantity at all, then the surest, then the first.
CREATE OR REPLACE VIEW records AS
WITH roles AS (
    SELECT document, event, count(DISTINCT role) AS count
    FROM arguments
    WHERE text NOT IN ({pronouns})
    GROUP BY document, event
),
mentions AS (
    SELECT
        document, "group", type, "index", text, modality, score, sentence,
        regexp_matches(sentence, '{whole_sentence}') AS whole,
        -- 此次收购 and 收购完成后 have no cue of their own: beside 拟收购 they are no sign that anything
        -- was done.
        regexp_matches(
            substr(sentence, 1, CAST("start" - sentence_start AS INTEGER)),
            '{back_references}'
        ) OR regexp_matches(
            substr(sentence, CAST("end" - sentence_start AS INTEGER) + 1),
            '^{afterwards}'
        ) AS refers_back,
        list_position(['possible', 'planned', 'negated', 'asserted'], modality) AS strength
    FROM events
),
fillers AS (
    SELECT
        document,
        event,
        role,
        id,
        label,
        score,
        coalesce(canonical, text) AS name,
        entity,
        start_at,
        end_at,
        {
            'text': text,
            'name': coalesce(canonical, text),
            'id': id,
            'number': coalesce(value_number, low_number, high_number),
            'unit': unit,
            'per': per
        } AS filler,
        (
            coalesce(id, value, low, high, start_time) IS NOT NULL,
            coalesce(entity, quantity) IS NOT NULL,
            score,
            -start
        ) AS said
    FROM arguments
),
happenings AS (
    SELECT
        m.document,
        m."group",
        m.type,
        CAST(d.published_at AS DATE) AS published_day,
        any_value(d.title) AS title,
        any_value(d.source) AS source,
        any_value(d.published_at) AS published_at,
        arg_max(
            {'text': m.text, 'modality': m.modality, 'score': m.score, 'sentence': m.sentence},
            (NOT m.refers_back, m.strength, m.whole, coalesce(r.count, 0), m.score, -m."index")
        ) AS told,
        list(m."index") AS mentions,
        arg_max(f.filler, f.said) FILTER (f.role = 'subject') AS subject,
        -- 公司 names nobody: it counts only where nothing else is named.
        coalesce(
            list(f.name) FILTER (f.role = 'subject' AND f.entity IS NOT NULL),
            list(f.name) FILTER (f.role = 'subject')
        ) AS subjects,
        arg_max(f.id, f.score) FILTER (f.role = 'subject' AND f.label IN ('COMPANY', 'TICKER'))
            AS company_id,
        arg_max(f.filler, f.said) FILTER (f.role = 'object') AS object,
        arg_max(f.filler, f.said) FILTER (f.role = 'location') AS location,
        arg_max(f.filler, f.said) FILTER (f.role = 'destination') AS destination,
        arg_max(f.filler, f.said) FILTER (f.role = 'date') AS date,
        min(f.start_at) FILTER (f.role = 'date' AND f.end_at IS NOT NULL) AS start_at,
        max(f.end_at) FILTER (f.role = 'date' AND f.start_at IS NOT NULL) AS end_at,
        arg_max(f.filler, f.said) FILTER (f.role = 'amount') AS amount,
        arg_max(f.filler, f.said) FILTER (f.role = 'quantity') AS quantity,
        arg_max(f.filler, f.said) FILTER (f.role = 'ratio') AS ratio
    FROM mentions m
    JOIN documents d ON d.id = m.document
    LEFT JOIN roles r ON r.document = m.document AND r.event = m."index"
    LEFT JOIN fillers f ON f.document = m.document AND f.event = m."index"
    GROUP BY m.document, m."group", m.type, published_day
)
SELECT
    document,
    title,
    source,
    published_at,
    published_day,
    "group",
    type,
    told.modality AS modality,
    told.text AS trigger,
    told.score AS score,
    told.sentence AS sentence,
    len(list_distinct(mentions)) AS mentions,
    subject.name AS subject,
    subject.id AS subject_id,
    list_sort(list_distinct(subjects)) AS subjects,
    company_id,
    object.name AS object,
    object.id AS object_id,
    location.name AS location,
    location.id AS location_id,
    destination.name AS destination,
    date.text AS date,
    start_at,
    end_at,
    amount.text AS amount_text,
    amount.number AS amount,
    amount.unit AS currency,
    amount.per AS amount_per,
    quantity.text AS quantity_text,
    quantity.number AS quantity,
    quantity.unit AS quantity_unit,
    ratio.text AS ratio_text,
    ratio.number AS ratio
FROM happenings
