// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A registry with a credential, without its secret.</summary>
/// <param name="Registry">Host and port.</param>
/// <param name="Username">The user's name; null: the helper says it.</param>
/// <param name="Helper">The program that gives it; null: it is stored.</param>
/// <param name="CreatedAt">When it was set.</param>
/// <param name="CreatedBy">Who set it.</param>
internal sealed record LoginView(string Registry, string? Username, string? Helper, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>From the wire.</summary>
    public static LoginView Of(V1.LoginStatus login) => new(
        login.Registry, login.Username.Length == 0 ? null : login.Username, login.Helper.Length == 0 ? null : login.Helper,
        DateTimeOffset.FromUnixTimeMilliseconds(login.CreatedUnixMs), login.CreatedBy);
}
