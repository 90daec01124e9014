// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Versioning;

// The product runs on Linux: file modes and signals need no guard here.
[assembly: SupportedOSPlatform("linux")]
