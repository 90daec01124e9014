// SPDX-License-Identifier: Apache-2.0
using System.Reflection;

namespace ClusterManager.Hosting.Processes;

/// <summary>The version of the program that runs.</summary>
public static class ProgramVersion
{
    /// <summary>As it was built, for example <c>1.4.0</c>.</summary>
    public static string Own { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>
    /// Answers a command line that is nothing but <c>--version</c>, before anything else of the program begins.
    /// </summary>
    /// <returns>True when it was asked and has been answered.</returns>
    public static bool TryAnswer(string[] arguments, string program)
    {
        if (arguments is not ["--version"]) return false;
        Console.Out.WriteLine($"{program} {Own}");
        return true;
    }
}
