from vha.report.assemble import assemble

__all__ = ["assemble"]
