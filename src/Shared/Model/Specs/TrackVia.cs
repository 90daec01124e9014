// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What makes the managers look into the registry.</summary>
public enum TrackVia
{
    /// <summary>Time: every <see cref="TrackPolicy.Interval"/>. A hook makes them look at once too.</summary>
    Poll = 1,

    /// <summary>The registry's own message; and once an hour, since messages get lost.</summary>
    Webhook = 2,
}
