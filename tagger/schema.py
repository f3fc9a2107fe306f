"""Labels, event types and roles: the one place that names them.

What each means is in ``data/guidelines``; the Chinese names serve displays.
"""

from __future__ import annotations

ENTITY_LABELS: dict[str, str] = {
    "COMPANY": "公司",
    "TICKER": "证券代码",
    "REGULATOR": "监管与政府机构",
    "LOCATION": "地点",
    "PERSON": "人物",
    "ORGANIZATION": "其他组织",
}

EVENT_TYPES: dict[str, str] = {
    "divestment": "减持出售",
    "stake_increase": "增持",
    "acquisition": "收购",
    "investment": "投资",
    "establishment": "设立",
    "equity_transfer": "股权转让",
    "pledge": "质押",
    "pledge_release": "解除质押",
    "guarantee": "担保",
    "buyback": "回购",
    "financing": "融资",
    "listing": "上市",
    "trading_status": "停复牌与退市",
    "dividend": "分红",
    "cooperation": "合作签约",
    "bid_win": "中标",
    "lawsuit": "诉讼",
    "judgment": "判决",
    "regulatory_action": "监管措施",
    "policy_release": "政策发布",
    "earnings": "业绩",
    "executive_change": "人事变动",
    "relocation": "迁移",
    "termination": "终止",
    "expansion": "建设扩产",
    "product_launch": "产品发布",
    "default_bankruptcy": "违约破产",
    "layoff": "裁员",
    "incident": "事故",
}

ROLES: dict[str, str] = {
    "subject": "主体",
    "object": "客体",
    "location": "地点",
    "destination": "去向",
    "date": "时间",
    "amount": "金额",
    "quantity": "数量",
    "ratio": "比例",
}

QUANTITY_LABELS: dict[str, str] = {
    "MONEY": "金额",
    "PERCENT": "百分比",
    "QUANTITY": "数量",
    "CARDINAL": "数字",
    "ORDINAL": "序数",
    "DATE": "日期",
    "TIME": "时间",
}

MODALITIES: dict[str, str] = {
    "asserted": "已发生",
    "planned": "计划",
    "negated": "否定",
    "possible": "可能",
}

GRAINS: tuple[str, ...] = (
    "second",
    "minute",
    "hour",
    "daypart",
    "day",
    "week",
    "tenday",
    "month",
    "quarter",
    "half",
    "year",
    "decade",
)
