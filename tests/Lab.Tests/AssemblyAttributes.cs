// SPDX-License-Identifier: Apache-2.0
// Labs measure how fast a cluster reacts: two of them at once would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
