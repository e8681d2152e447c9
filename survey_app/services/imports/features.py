"""Areas drawn in a GeoJSON file: their properties as a table, their geometries beside it."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Row, Table

KINDS = {"Polygon": 2, "MultiPolygon": 3}  # how deeply rings are nested


@dataclass(frozen=True, slots=True)
class Features:
    """Row n of the table is feature n; `geometries` are by row number."""

    table: Table
    geometries: dict[int, dict[str, Any]]


def is_geojson(path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    return name.endswith((".geojson", ".json"))


def read_features(path: Path, findings: Findings) -> Features:
    """The features of a GeoJSON FeatureCollection in WGS84 (RFC 7946), numbered from 1.

    Geometries must be polygons or multipolygons with closed rings and longitudes and latitudes in degrees.
    """
    document = _document(path, findings)
    if document is None:
        return Features(Table(path.name, (), ()), {})
    rows, geometries = [], {}
    header: dict[str, None] = {}
    for number, feature in enumerate(document, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            findings.add(
                number, "properties", "The feature has no properties.", "It needs at least its code."
            )
            continue
        cells = {str(key): "" if value is None else str(value).strip() for key, value in properties.items()}
        header.update(dict.fromkeys(cells))
        rows.append((number, cells))
        fault = _fault(geometry)
        if fault:
            findings.add(number, "geometry", fault, "Export polygons as GeoJSON in WGS84 (EPSG:4326).")
        else:
            geometries[number] = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    table = Table(
        path.name,
        tuple(header),
        tuple(Row(number, {key: cells.get(key, "") for key in header}) for number, cells in rows),
    )
    return Features(table, geometries)


def _document(path: Path, findings: Findings) -> list[Any] | None:
    try:
        opener: Any = gzip.open if path.name.lower().endswith(".gz") else open
        with opener(path, "rt", encoding="utf-8-sig") as file:
            document = json.load(file)
    except (OSError, EOFError, UnicodeDecodeError, json.JSONDecodeError) as error:
        findings.add(0, "", f"This cannot be read as GeoJSON: {error}.", "Export it again as GeoJSON.")
        return None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        findings.add(0, "", "There are no features in it.", "It must be a GeoJSON FeatureCollection.")
        return None
    return features


def _fault(geometry: Any) -> str | None:
    """What is wrong with a geometry, or None."""
    if not isinstance(geometry, dict) or geometry.get("type") not in KINDS:
        found = geometry.get("type") if isinstance(geometry, dict) else "nothing"
        return f"An area is drawn as a polygon, and this is {found}."
    rings = geometry.get("coordinates")
    if not isinstance(rings, list):
        return "The polygon has no coordinates."
    if geometry["type"] == "MultiPolygon":
        if not all(isinstance(polygon, list) for polygon in rings):
            return "The multipolygon is not a list of polygons."
        rings = [ring for polygon in rings for ring in polygon]
    if not rings:
        return "The polygon has no rings."
    return next((fault for ring in rings if (fault := _ring_fault(ring))), None)


def _ring_fault(ring: Any) -> str | None:
    if not isinstance(ring, list) or len(ring) < 4:
        return "A ring has fewer than four points."
    for point in ring:
        if not isinstance(point, list) or len(point) < 2 or not all(_is_number(part) for part in point[:2]):
            return f"{json.dumps(point)[:60]} is not a point."
        if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
            return f"{point[0]}, {point[1]} is not a longitude and latitude."
    return None if ring[0] == ring[-1] else "A ring does not end where it starts."


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
