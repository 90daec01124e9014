// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace ClusterManager.Load;

/// <summary>What is asked, how it is found, and how often.</summary>
/// <param name="Text">As it was given, without the rate: the target's name in the journal.</param>
/// <param name="Service">The name to look up by DNS; null when there is an address.</param>
/// <param name="Address">Where to connect, in order to reach the service through a proxy; null when there is a name.</param>
/// <param name="Rate">Requests per second, over all of the target's clients.</param>
/// <param name="Port">Of all addresses that the name has; null: its SRV records name address and port.</param>
public sealed record LoadTarget(string Text, string? Service, IPEndPoint? Address, double Rate, int? Port = null)
{
    /// <summary>Reads <c>dns:NAME@RATE</c>, <c>hosts:NAME:PORT@RATE</c> or <c>proxy:ADDRESS:PORT@RATE</c>; null when it is none.</summary>
    public static LoadTarget? Parse(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 0 || !double.TryParse(text[(at + 1)..], CultureInfo.InvariantCulture, out var rate) || rate is not (> 0 and <= 100_000))
            return null;
        var place = text[..at];
        if (place.StartsWith("dns:", StringComparison.Ordinal) && place.Length > 4) return new LoadTarget(place, place[4..], null, rate);
        if (place.StartsWith("hosts:", StringComparison.Ordinal)) return ParseHosts(place, rate);
        return place.StartsWith("proxy:", StringComparison.Ordinal) && IPEndPoint.TryParse(place[6..], out var address) && address.Port > 0
            ? new LoadTarget(place, null, address, rate) : null;
    }

    private static LoadTarget? ParseHosts(string place, double rate) =>
        place.Split(':') is [_, { Length: > 0 } name, var text] && ushort.TryParse(text, CultureInfo.InvariantCulture, out var port)
            && port > 0 ? new LoadTarget(place, name, null, rate, port) : null;
}
