/** Documents that name some things in many ways. */
export const NAMES = {
  Person: [
    'Dr. Amara Okafor',
    'Amara Okafor',
    'Okafor',
    'Amara',
    'AO',
    'Jonas Vettergren',
    'Jonas Brandão',
    'Jonas',
    'Vettergren',
    'Ben Okafor',
    'Zuzana Křížová',
    'Zuzana Krizova',
    'Zuzana',
  ],
  Organization: [
    'University College London Hospitals',
    'UCLH',
    'Upper Clyde Lake House',
    'Dovrelund Systems GmbH',
    'Dovrelund Systems',
    'Dovrelund',
    'Platform Services',
    'Billing Operations',
  ],
  System: ['Brinetally', 'Brine Tally', 'BRASS'],
}

export const CORPUS: Readonly<Record<string, string>> = {
  'charter.md':
    'Dr. Amara Okafor leads the work on BRASS.\n\nOkafor knows Jonas Vettergren well.\n\nZuzana Křížová pays Dovrelund Systems for Brinetally.\n\nPlatform Services and Billing Operations meet.',
  'memo.md':
    'Jonas Brandão of Dovrelund Systems GmbH wrote to Zuzana Krizova.\n\nJonas was asked about Brine Tally by Zuzana.\n\nJonas Vettergren was away.',
  'minutes.md':
    'Amara asked Vettergren about BRASS.\n\nJonas said that UCLH had asked Dovrelund.\n\nAO agreed with Jonas.',
  'visit.md':
    'University College London Hospitals (UCLH) was visited by Amara Okafor.\n\nOkafor spoke to Zuzana Křížová at UCLH.',
  'house.md': 'Upper Clyde Lake House has a view, says Ben Okafor.\n\nOkafor likes Upper Clyde Lake House.',
  'letter.md':
    'Dovrelund thanks Jonas Brandão.\n\nBrandão is not named here, Jonas is.\n\nBen Okafor met Amara Okafor.',
  'call.txt':
    'Amara Okafor: Jonas knows BRASS.\nAO: Zuzana knows Dovrelund Systems.\nAmara Okafor: Jonas Vettergren knows Brinetally.\n',
}
