// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>What an agent found on its machine, with our times around it.</summary>
/// <param name="Inspection">Its words.</param>
/// <param name="SentAt">Our clock when it was asked.</param>
/// <param name="ReceivedAt">Our clock when it had answered.</param>
internal sealed record NodeFindings(V1.Inspection Inspection, DateTimeOffset SentAt, DateTimeOffset ReceivedAt)
{
    /// <summary>
    /// Its clock less ours: the middle of what both ways show, as NTP computes it. Example: asked at 10.000, it notes 15.010, answers at
    /// 15.110, received at 10.120: ((15.010 − 10.000) + (15.110 − 10.120)) / 2 = 5.000 s.
    /// </summary>
    public TimeSpan ClockOffset => TimeSpan.FromMilliseconds(
        ((Inspection.ReceivedUnixMs - SentAt.ToUnixTimeMilliseconds()) + (Inspection.AnsweredUnixMs - ReceivedAt.ToUnixTimeMilliseconds()))
        / 2.0);

    /// <summary>By how much <see cref="ClockOffset"/> can be wrong: half of the time on the way.</summary>
    public TimeSpan ClockError => TimeSpan.FromMilliseconds(Math.Max(
        0, (ReceivedAt - SentAt).TotalMilliseconds - (Inspection.AnsweredUnixMs - Inspection.ReceivedUnixMs)) / 2.0);
}
