// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;
using ClusterManager.Shared.Tests.Grpc.Fixtures;
using ClusterManager.Shared.Tests.Grpc.Fuzz;
using Xunit.Abstractions;

namespace ClusterManager.Shared.Tests.Registry.Fuzz;

/// <summary>
/// A hostile registry: every call ends, by an answer or a RegistryException, costs no more than its limits, and the client goes on.
/// </summary>
public sealed class RegistryFuzzTests(ITestOutputHelper output)
{
    private const int CallsInShort = 600;
    private const int TextLengthMax = 1000;

    // The answer's own limit, and what sockets keep on the way.
    private const long SentMax = 32 << 20;

    [Fact]
    public async Task Whatever_a_registry_sends_the_call_ends_and_the_client_goes_on()
    {
        var count = FuzzCount.Connected(CallsInShort);
        output.WriteLine($"{count} calls, seeds from {FuzzCount.FirstSeed}");
        await using var server = new HostileRegistry(FuzzCount.FirstSeed);
        var hosts = RegistryClientTests.Hosts((server.Address, new RegistryHostOptions { PlainHttp = true }));
        using var client = new RegistryClient(new RegistryClientOptions
        {
            Hosts = hosts, UseProxy = false,
            Credentials = new OneCredential(server.Address, new RegistryCredential("olga", "correct-horse")),
            RequestTimeout = TimeSpan.FromSeconds(2), CallTimeout = TimeSpan.FromSeconds(4),
        });
        var good = ImageName.Parse($"{server.Address}/good:1");
        for (var i = 0; i < count; i++)
        {
            var end = await EndOfAsync(client, ImageName.Parse($"{server.Address}/web{i}:1"), i % 3);
            Assert.True(end is null or RegistryException, $"seed {server.LastSeed}: {end}");
            Assert.True(end is not RegistryException error
                || (Enum.IsDefined(error.Kind) && error.Message.Length < TextLengthMax && !error.Message.Any(char.IsControl)
                    && !error.Message.Contains("correct-horse", StringComparison.Ordinal)), $"seed {server.LastSeed}: {end?.Message}");
            if (i % 20 == 0) await client.ManifestAsync(good, ManifestRead.Whole, default).SoonAsync();
        }

        Assert.InRange(server.MostSent, 0, SentMax);
    }

    [Fact]
    public async Task An_answer_without_end_is_read_as_far_as_its_limit()
    {
        var content = new EndlessStream();
        var handler = new ScriptedHandler(_ => new HttpResponseMessage { Content = new StreamContent(content) });
        using var client = new RegistryClient(new RegistryClientOptions(), handler);
        var image = ImageName.Parse("registry.example/web:1");
        var error = await Assert.ThrowsAsync<RegistryException>(() => client.ManifestAsync(image, ManifestRead.Whole, default));
        Assert.Equal(RegistryErrorKind.Protocol, error.Kind);
        Assert.InRange(content.BytesRead, 4 << 20, (4 << 20) + (64 << 10));
    }

    private static async Task<Exception?> EndOfAsync(RegistryClient client, ImageName image, int what)
    {
        try
        {
            if (what == 0) await client.TagsAsync(image, 1000, default).SoonAsync();
            else await client.ManifestAsync(image, what == 1 ? ManifestRead.Head : ManifestRead.Whole, default).SoonAsync();
            return null;
        }
        catch (Exception error) when (error is not TimeoutException)
        {
            return error;
        }
    }

    private sealed class EndlessStream : Stream
    {
        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => BytesRead; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            BytesRead += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
