-- A column that came later: the log of 2024 has no moisture, so it reads as NULL.
SELECT year(roasted_at) AS year, count(*) AS roasts, count(moisture_pct) AS measured,
       round(avg(moisture_pct), 2) AS moisture, round(100 * sum(roasted_kg) / sum(green_kg), 1) AS yield_pct
FROM roasts
GROUP BY ALL
ORDER BY year;
