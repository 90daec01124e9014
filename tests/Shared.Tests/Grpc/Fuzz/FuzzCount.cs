// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Shared.Tests.Grpc.Fuzz;

/// <summary>How many inputs a fuzz test tries: few in every build, many with <c>scripts/test.sh --long</c>.</summary>
internal static class FuzzCount
{
    private const int LongDivisor = 5;

    /// <summary>Ten million inputs over all parsers in the long form.</summary>
    public static int PerParser(int inShort) => IsLong ? 10_000_000 / LongDivisor : inShort;

    /// <summary>Inputs over real connections.</summary>
    public static int Connected(int inShort) => IsLong ? inShort * 20 : inShort;

    /// <summary>The first seed: 1, or CLUSTER_TEST_SEED to try others or to repeat one.</summary>
    public static int FirstSeed =>
        int.TryParse(Environment.GetEnvironmentVariable("CLUSTER_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 1;

    /// <summary>The long form is asked for.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("CLUSTER_TEST_LONG") == "1";
}
