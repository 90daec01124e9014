// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit.Sdk;

namespace ClusterManager.Tests.Support;

/// <summary>
/// What the tests of faults have seen, one line of JSON each, below <see cref="Directory"/>; <c>scripts/faults.sh</c> makes
/// docs/faults.md of it. A row is written by the test itself, after it has seen what the row says. Linked into each project that has
/// such tests.
/// </summary>
internal static class FaultTable
{
    private static readonly Lock Gate = new();

    /// <summary>CLUSTER_FAULTS_DIR, by default the folder of the test results.</summary>
    public static string Directory =>
        Environment.GetEnvironmentVariable("CLUSTER_FAULTS_DIR") is { Length: > 0 } given ? given : SourceTree.PathOf("TestResults");

    /// <summary>Keeps a row, and fails the test when the desired state after the fault is not the one before it.</summary>
    /// <param name="fault">What was done, in a few words: the row's key. <c>the engine hangs</c>.</param>
    /// <param name="reason">The reason code that an operator is shown, and where: <c>EngineDown in cluster status</c>.</param>
    /// <param name="before">The desired state before the fault, as text in a fixed order; only its digest is kept.</param>
    /// <param name="after">The same once the fault is gone.</param>
    /// <param name="alive">What became of our processes: <c>all run on</c>, <c>manager back in 1.2 s by its supervisor</c>.</param>
    /// <param name="test">The test; given by the compiler.</param>
    /// <param name="file">Its file; given by the compiler.</param>
    /// <exception cref="XunitException">The states differ, or a text is empty.</exception>
    public static void Record(
        string fault, string reason, string before, string after, string alive, [CallerMemberName] string test = "",
        [CallerFilePath] string file = "")
    {
        if (before != after) throw new XunitException($"{fault}: the desired state changed\nbefore:\n{before}\nafter:\n{after}");
        foreach (var text in new[] { fault, reason, before, alive })
        {
            if (string.IsNullOrWhiteSpace(text)) throw new XunitException($"a row of faults lacks a text: '{fault}' '{reason}' '{alive}'");
        }
        var row = JsonSerializer.Serialize(new
        {
            fault, reason, before = Digest(before), after = Digest(after), alive, test, in_ = Path.GetFileNameWithoutExtension(file),
        });
        lock (Gate)
        {
            System.IO.Directory.CreateDirectory(Directory);
            File.AppendAllText(Path.Combine(Directory, $"faults-{Environment.ProcessId}.jsonl"), row + "\n");
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
