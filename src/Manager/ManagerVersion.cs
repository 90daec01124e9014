// SPDX-License-Identifier: Apache-2.0
using System.Reflection;

namespace ClusterManager.Manager;

/// <summary>This program's version.</summary>
internal static class ManagerVersion
{
    /// <summary>For example <c>0.1.0</c>; empty when it was built without one.</summary>
    public static string Text { get; } =
        typeof(ManagerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
