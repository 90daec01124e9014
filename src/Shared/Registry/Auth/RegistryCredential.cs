// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>What to show a registry. Its text form hides the secret, so that it cannot slip into a log.</summary>
/// <param name="Username">The user's name; empty with an identity token.</param>
/// <param name="Password">The password; empty with an identity token.</param>
/// <param name="IdentityToken">A token that stands for user and password with the registry's token service; null: there is none.</param>
public sealed record RegistryCredential(string Username, string Password, string? IdentityToken = null)
{
    /// <summary>The credential without its secret.</summary>
    public override string ToString() => $"RegistryCredential {{ {Username}, *** }}";
}
