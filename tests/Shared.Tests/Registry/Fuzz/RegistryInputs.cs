// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace ClusterManager.Shared.Tests.Registry.Fuzz;

/// <summary>
/// Draws what a registry might answer: good things, good things with a few faults, and noise. The same seed draws the same.
/// </summary>
internal sealed class RegistryInputs(int seed, string realm)
{
    private static readonly string[] Bodies =
    [
        Manifests.OfImage(), Manifests.OfImage(Manifests.DockerImage),
        Manifests.OfIndex((Manifests.Digest('a'), "linux/amd64"), (Manifests.Digest('b'), "linux/arm64/v8")),
        """{"name":"web","tags":["1","1.2","latest"]}""", """{"tags":null}""", """{"token":"abc","expires_in":300}""",
        """{"access_token":"abc","expires_in":1e300}""", """{"errors":[{"code":"DENIED","message":"no"}]}""", "null", "[]", "",
        """{"manifests":[null,{"digest":"sha256:1"},{"platform":null}],"schemaVersion":2}""", "<html></html>", "\"\\ud800\"",
    ];

    private readonly Random _random = new(seed);

    public int Seed { get; } = seed;

    public int Next(int max) => _random.Next(max);

    /// <summary>A whole answer as it goes over the wire.</summary>
    public byte[] Answer()
    {
        var body = Damaged(Encoding.UTF8.GetBytes(Bodies[Next(Bodies.Length)]), 0.4);
        var head = new StringBuilder($"HTTP/1.1 {Status()} X\r\n");
        for (var count = Next(6); count > 0; count--) head.Append(Header()).Append("\r\n");
        var length = Next(10) == 0 ? Next(3) * body.Length : body.Length;
        if (Next(12) > 0) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        byte[] whole = [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body];
        return Next(8) == 0 ? Noise(400) : Damaged(whole, 0.2);
    }

    public byte[] Noise(int lengthMax)
    {
        var bytes = new byte[Next(lengthMax + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private int Status()
    {
        int[] statuses = [200, 200, 200, 200, 200, 401, 401, 401, 403, 404, 429, 500, 503, 301, 307, 206, 204, 100, 999];
        return statuses[Next(statuses.Length)];
    }

    private string Header() => Next(14) switch
    {
        0 or 1 => $"Content-Type: {(Next(2) == 0 ? Manifests.Image : Manifests.Index)}",
        2 => $"Docker-Content-Digest: {Manifests.Digest('a')}",
        3 => $"Docker-Content-Digest: {Latin(40)}",
        4 or 5 or 6 => $"WWW-Authenticate: Bearer realm=\"{realm}\",service=\"{Latin(5)}\",scope={Latin(9)}",
        7 => $"WWW-Authenticate: Basic realm=\"{Latin(9)}\"",
        8 => $"WWW-Authenticate: {Latin(60)}",
        9 => $"Link: <{(Next(2) == 0 ? "/v2/web/tags/list?last=" + Next(100) : Latin(20))}>; rel=\"next\"",
        10 => $"Location: {(Next(2) == 0 ? realm : Latin(30))}",
        11 => $"Retry-After: {(Next(2) == 0 ? Next(100).ToString(CultureInfo.InvariantCulture) : Latin(9))}",
        12 => "Transfer-Encoding: chunked",
        _ => $"{Latin(8).Replace(':', 'x')}: {Latin(30)}",
    };

    private string Latin(int lengthMax) =>
        new([.. Noise(lengthMax).Select(b => (char)(Next(4) == 0 ? b : 33 + (b % 94))).Where(c => c is not ('\r' or '\n'))]);

    private byte[] Damaged(byte[] bytes, double probability)
    {
        if (_random.NextDouble() >= probability) return bytes;
        var damaged = bytes.ToList();
        for (var faults = 1 + Next(4); faults > 0 && damaged.Count > 0; faults--)
        {
            var at = Next(damaged.Count);
            if (Next(3) == 0) damaged.RemoveRange(at, damaged.Count - at);
            else if (Next(2) == 0) damaged[at] ^= (byte)(1 << Next(8));
            else damaged.Insert(at, (byte)Next(256));
        }

        return [.. damaged];
    }
}
