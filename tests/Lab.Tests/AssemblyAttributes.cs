// SPDX-License-Identifier: Apache-2.0
// Labs wait more than they compute: three at a time. What measures how fast a cluster reacts belongs to a collection that runs alone.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
