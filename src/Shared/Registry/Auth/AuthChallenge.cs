// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>One challenge of a <c>WWW-Authenticate</c> header.</summary>
/// <param name="Scheme"><c>Bearer</c>, <c>Basic</c> or another, as written.</param>
/// <param name="Parameters">Its parameters by name, whatever their case.</param>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    private const int ParameterCountMax = 16;

    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    public string? this[string name] => Parameters.TryGetValue(name, out var value) ? value : null;

    /// <summary>
    /// Reads a header's value, which may hold several challenges after each other (RFC 9110, section 11.6.1). What is not understood is
    /// passed over: an empty list is what a server gets that writes nonsense.
    /// </summary>
    public static IReadOnlyList<AuthChallenge> Parse(string header)
    {
        var challenges = new List<AuthChallenge>();
        Dictionary<string, string>? current = null;
        var rest = new ChallengeReader(header);
        while (rest.Next() is { } word)
        {
            if (rest.TryValue(out var value))
            {
                if (current is { Count: < ParameterCountMax }) current.TryAdd(word, value);
                continue;
            }

            current = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            challenges.Add(new AuthChallenge(word, current));
        }

        return challenges;
    }
}
