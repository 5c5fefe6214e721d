// `ftaudit doctor`: what this machine has of what ftaudit needs, and what each missing piece would cost.
#pragma once

namespace ftaudit::cli {

// 0 when a scan can work, else 3.
int doctor();

}  // namespace ftaudit::cli
