// `ftaudit doctor`: what this machine has and lacks, and with --fix getting what it lacks.
#pragma once

namespace ftaudit::cli {

struct DoctorOptions {
  bool fix = false;
};

int doctor(const DoctorOptions& options);

}  // namespace ftaudit::cli
