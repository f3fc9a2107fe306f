"""The cluster engine: the same pipeline over many machines, as a Ray Data job.

It reads and writes files that every machine reaches: a shared folder, S3, Google Cloud Storage,
HDFS. ``docs/cluster.md`` says how it scales, what it costs and which settings matter.
"""

from tagger.cluster.engine import ClusterSummary, run
from tagger.cluster.session import ClusterError, connected

__all__ = ["ClusterError", "ClusterSummary", "connected", "run"]
