// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>An image that stays on the nodes that have it.</summary>
/// <param name="Image">As it was asked for.</param>
/// <param name="Digest">What it meant then.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="CreatedBy">Who asked for it.</param>
internal sealed record PinView(string Image, string Digest, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>From the wire.</summary>
    public static PinView Of(V1.PinStatus pin) =>
        new(pin.Image, pin.Digest, DateTimeOffset.FromUnixTimeMilliseconds(pin.CreatedUnixMs), pin.CreatedBy);
}
