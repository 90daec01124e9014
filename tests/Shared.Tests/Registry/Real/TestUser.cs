// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Shared.Tests.Registry.Real;

/// <summary>The user that the tests' registries know.</summary>
internal static class TestUser
{
    public const string Name = "olga";
    public const string Password = "s3cret-pass";

    /// <summary>The password by bcrypt at its least cost, the only way that the registry reads.</summary>
    public const string HtpasswdLine = Name + ":$2y$05$abcdefghijklmnopqrstuuV7fpPozvyqJfnY19y0802WTlXUm6Rjy\n";

    public static RegistryCredential Credential { get; } = new(Name, Password);
}
