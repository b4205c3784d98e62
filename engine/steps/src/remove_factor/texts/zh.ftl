remove_factor-title = 您要移除哪一个？
remove_factor-intro = 移除后立即失效且无法恢复。请确认您还有其他验证方式。
remove_factor-which = 请选择一个
remove_factor-remove = 移除
refusal-factor_needed = 请选择要移除的一个。
