// SPDX-License-Identifier: Apache-2.0
// Labs wait more than they compute: two at a time. What measures how fast a cluster reacts belongs to a collection that runs alone.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
