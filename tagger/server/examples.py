"""Requests and answers that the OpenAPI page shows; all companies are invented."""

from __future__ import annotations

from typing import Any

from tagger.server.articles import NO_TEXT

TEXT: dict[str, Any] = {
    "text": "2月17日晚间，星海矿业公告，已减持512个比特币，套现约2460万美元。",
    "id": "flash-1",
    "published": "2022-02-18",
}

RECORD: dict[str, Any] = {
    "document": {
        "标题": "北岸创投拟减持雪原乳业",
        "正文": "雪原乳业（609117）公告，北岸创投计划在未来3个月内减持不超过1246.8万股。",
        "发布时间": "2024-03-11 07:42",
        "来源": "浦江财经网",
    }
}

DOCUMENT: dict[str, Any] = {
    "schema_version": 1,
    "model": "default 1.1",
    "id": "flash-1",
    "text": "2月17日晚间，星海矿业公告，已减持512个比特币，套现约2460万美元。",
    "published": "2022-02-18T00:00:00",
    "entities": [
        {
            "start": 8,
            "end": 12,
            "text": "星海矿业",
            "label": "COMPANY",
            "score": 0.9895,
            "canonical": "星海矿业",
        }
    ],
    "quantities": [
        {
            "start": 0,
            "end": 7,
            "text": "2月17日晚间",
            "label": "DATE",
            "start_time": "2022-02-17T18:00:00",
            "end_time": "2022-02-18T00:00:00",
            "grain": "daypart",
        },
        {
            "start": 18,
            "end": 25,
            "text": "512个比特币",
            "label": "MONEY",
            "value": "512",
            "unit": "BTC",
            "unit_text": "个比特币",
        },
        {
            "start": 28,
            "end": 36,
            "text": "约2460万美元",
            "label": "MONEY",
            "value": "24600000",
            "unit": "USD",
            "unit_text": "美元",
            "approximate": True,
        },
    ],
    "events": [
        {
            "start": 16,
            "end": 18,
            "text": "减持",
            "type": "divestment",
            "score": 0.9602,
            "modality": "asserted",
            "group": 0,
            "arguments": [
                {
                    "role": "date",
                    "start": 0,
                    "end": 7,
                    "text": "2月17日晚间",
                    "score": 0.8305,
                    "quantity": 0,
                },
                {
                    "role": "subject",
                    "start": 8,
                    "end": 12,
                    "text": "星海矿业",
                    "score": 0.9702,
                    "entity": 0,
                },
                {
                    "role": "quantity",
                    "start": 18,
                    "end": 25,
                    "text": "512个比特币",
                    "score": 0.8405,
                    "quantity": 1,
                },
                {
                    "role": "object",
                    "start": 22,
                    "end": 25,
                    "text": "比特币",
                    "score": 0.782,
                },
                {
                    "role": "amount",
                    "start": 28,
                    "end": 36,
                    "text": "约2460万美元",
                    "score": 0.8194,
                    "quantity": 2,
                },
            ],
        }
    ],
}

FAILURE: dict[str, Any] = {
    "id": "flash-2",
    "error": {
        "title": "Unprocessable Content",
        "status": 422,
        "detail": NO_TEXT,
        "errors": [
            {
                "pointer": "#",
                "detail": NO_TEXT,
            }
        ],
    },
}
