// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Load;

/// <summary>A request that did not go as it should.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Kind">failed, late or retry.</param>
/// <param name="Target">As <see cref="LoadTarget.Text"/>.</param>
/// <param name="Client">Which of the target's clients.</param>
/// <param name="Endpoint">Where it was sent; empty: nowhere.</param>
/// <param name="Path">What was asked.</param>
/// <param name="Error">refused, reset, closed, timeout, status 503, no endpoint, or what the system says.</param>
/// <param name="Ms">From its sending to its end.</param>
/// <param name="ConnectionRequests">How many requests the connection had answered before.</param>
public sealed record LoadEvent(
    DateTimeOffset At, string Kind, string Target, int Client, string Endpoint, string Path, string Error, long Ms, int ConnectionRequests);
