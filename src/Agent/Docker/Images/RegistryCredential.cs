// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>What to show a registry. Its text form hides the secret, so that it can not slip into a log.</summary>
/// <param name="ServerAddress">The registry's address as it stands in the image name, or null when the engine may find it out.</param>
/// <param name="Username">The user's name; empty with an identity token.</param>
/// <param name="Password">The password; empty with an identity token.</param>
/// <param name="IdentityToken">A token that stands for user and password, or null.</param>
public sealed record RegistryCredential(string? ServerAddress, string Username, string Password, string? IdentityToken = null)
{
    /// <summary>The credential without its secret.</summary>
    /// <returns>Registry and user name.</returns>
    public override string ToString() => $"RegistryCredential {{ {ServerAddress}, {Username}, *** }}";
}
