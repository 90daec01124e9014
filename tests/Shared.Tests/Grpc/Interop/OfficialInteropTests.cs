// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Grpc.Interop;

/// <summary>
/// The official interoperability cases in both directions, against both peers, over both transports. The peers' side of the cases is in
/// tests/interop (cases/testing.js, python/cases.py), ours in <see cref="OfficialCases"/>.
/// </summary>
[Trait("Category", "Real")]
public sealed class OfficialInteropTests(OfficialFixture fixture) : IClassFixture<OfficialFixture>
{
    /// <summary>Case × peer × transport.</summary>
    public static TheoryData<string, InteropPeer, InteropTransport> Cases
    {
        get
        {
            var data = new TheoryData<string, InteropPeer, InteropTransport>();
            foreach (var name in OfficialCases.All.Keys)
            {
                foreach (var peer in Enum.GetValues<InteropPeer>())
                {
                    foreach (var transport in Enum.GetValues<InteropTransport>())
                        data.Add(name, peer, transport);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Their_client_against_our_server(string name, InteropPeer peer, InteropTransport transport)
    {
        var client = await fixture.ClientAsync(peer, transport);
        await client.RunCaseAsync(name);
        Assert.Empty(fixture.Logs);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Our_client_against_their_server(string name, InteropPeer peer, InteropTransport transport)
    {
        using var channel = await fixture.ConnectAsync(peer, transport);
        await OfficialCases.All[name](channel);
    }

    [Fact]
    public void Every_official_case_is_here() => Assert.Equal(14, OfficialCases.All.Count);
}
