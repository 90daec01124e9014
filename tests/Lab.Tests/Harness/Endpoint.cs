// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>Where a replica answers, as its service's name tells.</summary>
public readonly record struct Endpoint(string Address, int Port)
{
    /// <summary>Reads the SRV records of dig's answer, their targets resolved by the A records that come with them.</summary>
    /// <param name="answer">What <c>dig … SRV +noall +answer +additional</c> prints.</param>
    public static IReadOnlyList<Endpoint> ParseDig(string answer)
    {
        var records = answer.Split('\n').Where(line => !line.StartsWith(';'))
            .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length >= 5).ToList();
        var addresses = records.Where(words => words[3] == "A").DistinctBy(words => words[0]).ToDictionary(
            words => words[0], words => words[4]);
        return [.. records.Where(words => words[3] == "SRV" && words.Length >= 8)
            .Select(words => new Endpoint(addresses.GetValueOrDefault(words[7], words[7]), int.Parse(words[6])))
            .Distinct().OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal).ThenBy(endpoint => endpoint.Port)];
    }
}
